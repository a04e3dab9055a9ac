"""The words of the project: frozen records that every room speaks. Nothing here imports anything else of ours."""
