"""One module a verb of the command line: parse, build settings, call one function. Heavy imports inside."""
