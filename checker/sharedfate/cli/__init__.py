"""The command line: parses arguments, calls the other rooms, prints."""
