"""The references our numbers are held to, one a file. Each has write(folder), which writes its part of test/fixtures."""
