"""A department's own list of its columns, from a spreadsheet into the sites file."""
