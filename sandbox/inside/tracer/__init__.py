"""The tracer: this folder goes on PYTHONPATH inside a sandbox, and `sitecustomize` starts it with every interpreter."""
