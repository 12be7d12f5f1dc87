/** Every exit status that test-governor itself gives, and what it means to the caller. */
export const exitStatus = {
  /** The command line or an intent is not one we accept (sysexits.h EX_USAGE). */
  usage: 64,
  /** Standard output or standard error cannot be written (EX_IOERR). */
  unwritable: 74,
  /** The wait in the queue or for admission timed out (EX_TEMPFAIL). */
  waitTimedOut: 75,
  /** The config file is invalid (EX_CONFIG). */
  config: 78,
  /** The governed run itself timed out. */
  runTimedOut: 124,
  /** Blocked by policy: found, but not allowed to execute. */
  blocked: 126,
  /** The program does not exist. */
  notFound: 127,
  /** Cancelled while waiting. */
  cancelled: 130,
} as const;
