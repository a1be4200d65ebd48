"""`python -m sharedfate` is `sharedfate`."""

from sharedfate.cli.main import main

main()
