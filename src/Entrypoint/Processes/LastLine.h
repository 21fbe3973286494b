/* Ends the program with one line of the log, before there is a log. Never returns. */
void entrypoint_end(int exit_code, const char *what, int error, const char *advice);
