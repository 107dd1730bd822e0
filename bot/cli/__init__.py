"""`fangzha`: the command line. Exit codes: 0 done, 1 the work failed, 2 the call was wrong."""
