"""Behaviours of what comes out: regular files that were asked for, exactly, within caps, and nothing else."""

from sandbox.conformance_trial import Seen, Trial, expect


def _expect_refused(seen: Seen, *words: str) -> None:
    """One refusal for each group of words, and none of these outputs brought out."""
    for word in words:
        expect(any(word in line for line in seen.refused), f"no refusal says {word!r}: {seen.refused}; {seen.describe()}")


def bytes_come_out_exactly(trial: Trial) -> None:
    """A file comes out byte for byte; an empty one too."""
    seen = trial.run(
        "open('/out/a.bin', 'wb').write(bytes(range(256)) * 1000); open('/out/empty.bin', 'w')", collect=("*.bin",)
    )
    expect(seen.files == {"a.bin": bytes(range(256)) * 1000, "empty.bin": b""}, f"{sorted(seen.files)}; {seen.describe()}")


def only_what_was_asked_for_comes_out(trial: Trial) -> None:
    """Patterns choose: `*` within a folder, `**` across folders; the rest stays without a word."""
    code = """
        import os
        os.makedirs('/out/m/n')
        for name in ('a.csv', 'a.txt', 'm/b.csv', 'm/n/c.csv', 'm/n/d.txt'):
            open('/out/' + name, 'w')
        """
    flat = trial.run(code, collect=("*.csv",))
    deep = trial.run(code, collect=("m/**",))
    expect(sorted(flat.files) == ["a.csv"] and not flat.refused, f"{sorted(flat.files)} {flat.refused}")
    expect(sorted(deep.files) == ["m/b.csv", "m/n/c.csv", "m/n/d.txt"], f"{sorted(deep.files)}")


def a_file_without_permissions_comes_out(trial: Trial) -> None:
    """Modes are not obeyed and not kept."""
    seen = trial.run("import os; open('/out/a', 'w').write('x'); os.chmod('/out/a', 0)", collect=("**",))
    expect(seen.files == {"a": b"x"}, f"{seen.files} {seen.refused}")


def unicode_names_come_out(trial: Trial) -> None:
    """Names are text."""
    seen = trial.run("open('/out/größe-数.csv', 'w').write('1')", collect=("*.csv",))
    expect(seen.files == {"größe-数.csv": b"1"}, f"{seen.files} {seen.refused}")


def links_are_refused(trial: Trial) -> None:
    """Links to files, to folders, to nowhere and to the host's files stay behind, and are not followed."""
    code = """
        import os
        open('/work/secret.csv', 'w').write('s')
        os.symlink('/work/secret.csv', '/out/file.csv')
        os.symlink('/etc', '/out/folder.csv')
        os.symlink('/nowhere', '/out/dangling.csv')
        os.symlink('/proc/self/environ', '/out/environ.csv')
        os.symlink('.', '/out/loop.csv')
        """
    seen = trial.run(code, collect=("**",))
    expect(not seen.files, f"came out: {sorted(seen.files)}")
    _expect_refused(seen, *(f"{name}.csv: it is a link" for name in ("file", "folder", "dangling", "environ", "loop")))


def special_files_are_refused(trial: Trial) -> None:
    """Pipes and sockets stay behind, and nothing waits for them."""
    code = "import os, socket\nos.mkfifo('/out/pipe')\nsocket.socket(socket.AF_UNIX).bind('/out/socket')"
    seen = trial.run(code, collect=("**",))
    expect(not seen.files, f"came out: {sorted(seen.files)}")
    _expect_refused(seen, "pipe: it is not a regular file", "socket: it is not a regular file")


def device_files_cannot_be_made(trial: Trial) -> None:
    """A job cannot make devices."""
    seen = trial.run(
        """
        import os
        try:
            os.mknod('/out/null', 0o20666, os.makedev(1, 3))
        except OSError:
            print('refused')
        """
    )
    seen.expect_printed("refused")


def files_above_the_cap_are_refused(trial: Trial) -> None:
    """A file that is too big stays behind with its size; small ones still come."""
    code = "open('/out/big.csv', 'wb').write(bytes(3 << 20)); open('/out/small.csv', 'w').write('1')"
    seen = trial.run(code, collect=("**",), output_mb=2)
    expect(seen.files == {"small.csv": b"1"}, f"{sorted(seen.files)} {seen.refused}")
    _expect_refused(seen, f"big.csv: its {3 << 20} bytes")


def the_cap_holds_for_all_files_together(trial: Trial) -> None:
    """Many files of a permitted size do not come out beyond the total."""
    code = "for n in range(6): open(f'/out/{n}.bin', 'wb').write(bytes(900 * 1024))"
    seen = trial.run(code, collect=("**",), output_mb=2)
    expect(len(seen.files) == 2 and len(seen.refused) == 4, f"{sorted(seen.files)} {seen.refused}")


def giants_without_content_are_refused(trial: Trial) -> None:
    """A file with holes counts by its size."""
    code = "import os; os.truncate(os.open('/out/hole', os.O_CREAT | os.O_WRONLY), 60 << 20)"
    seen = trial.run(code, collect=("**",), output_mb=2)
    expect(not seen.files, f"came out: {sorted(seen.files)}")
    _expect_refused(seen, "hole: its 62914560 bytes, of which 0 bytes are stored")


def the_number_of_files_is_capped(trial: Trial) -> None:
    """Above the allowed number the rest stays behind."""
    seen = trial.run("for n in range(50): open(f'/out/{n:02d}', 'w')", collect=("**",), output_files=10)
    expect(len(seen.files) == 10 and len(seen.refused) == 40, f"{len(seen.files)} files, {len(seen.refused)} refusals")


def a_flood_of_files_ends(trial: Trial) -> None:
    """Tens of thousands of entries are not all listed, and the harness does not choke on them."""
    seen = trial.run("for n in range(25_000): open(f'/out/{n}', 'w')", collect=("**",), output_files=5)
    expect(len(seen.files) <= 5 and 0 < len(seen.refused) <= 400, f"{len(seen.files)} files, {len(seen.refused)} refusals")


def deep_folders_are_refused(trial: Trial) -> None:
    """What lies too deep stays behind."""
    code = """
        import os
        os.chdir('/out')
        for _ in range(300):
            os.mkdir('d')
            os.chdir('d')
        open('bottom', 'w')
        """
    seen = trial.run(code, collect=("**",))
    expect(not seen.files, f"came out: {sorted(seen.files)}")
    _expect_refused(seen, "it lies deeper than")


def hostile_names_are_refused(trial: Trial) -> None:
    """Names with line breaks, control characters, backslashes or bytes that are no text stay behind, told in escapes."""
    code = r"""
        for name in (b'a\nb', b'\x1b[31m', b'a\\b', b'\xff\xfe', 'a\u202eb'.encode(), b' lead', b'n' * 240):
            open(b'/out/' + name, 'w')
        open('/out/fine', 'w')
        """
    seen = trial.run(code, collect=("**",))
    expect(sorted(seen.files) == ["fine"] and len(seen.refused) == 7, f"{sorted(seen.files)} {seen.refused}")
    expect(all(line.isprintable() for line in seen.refused), f"{seen.refused}")


def hard_links_do_not_multiply_a_file(trial: Trial) -> None:
    """Of several names of one file, one comes out."""
    code = """
        import os
        open('/out/a', 'w').write('x')
        for n in range(5):
            os.link('/out/a', f'/out/b{n}')
        """
    seen = trial.run(code, collect=("**",))
    expect(sorted(seen.files) == ["a"] and len(seen.refused) == 5, f"{sorted(seen.files)} {seen.refused}")


def a_job_that_was_stopped_for_flooding_brings_nothing_out(trial: Trial) -> None:
    """Files of a job that was killed from outside are not taken, and that is said."""
    code = """
        import os
        open('/out/a', 'w').write('x')
        while True:
            os.write(1, b'x' * 65536)
        """
    seen = trial.run(code, collect=("**",), flood_mb=2)
    expect(not seen.files and len(seen.refused) == 1, f"{sorted(seen.files)} {seen.refused}")


BEHAVIOURS = (
    bytes_come_out_exactly,
    only_what_was_asked_for_comes_out,
    a_file_without_permissions_comes_out,
    unicode_names_come_out,
    links_are_refused,
    special_files_are_refused,
    device_files_cannot_be_made,
    files_above_the_cap_are_refused,
    the_cap_holds_for_all_files_together,
    giants_without_content_are_refused,
    the_number_of_files_is_capped,
    a_flood_of_files_ends,
    deep_folders_are_refused,
    hostile_names_are_refused,
    hard_links_do_not_multiply_a_file,
    a_job_that_was_stopped_for_flooding_brings_nothing_out,
)
