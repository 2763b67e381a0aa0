/** Who may not do what, and why; and what is wrong with secrets, their keys and the audit log. */
export const SECURITY_CODES = {
  // Signing in and sessions.
  AUTH_FAILED: {
    meaning:
      'Name, password or code is wrong, or the user is disabled. The answer is the same for all, so that nobody learns which names exist.',
    fix: 'Try again; a lost password is set anew by "quanthybrid user reset NAME" on the machine itself.',
  },
  AUTH_THROTTLED: {
    meaning: 'Too many wrong passwords or codes from this address or for this user.',
    fix: 'Wait as long as the answer says. "quanthybrid user reset NAME" on the machine itself ends the waiting of a user.',
  },
  AUTH_BUSY: {
    meaning: 'Too many passwords are being verified at once.',
    fix: 'Try again in a second.',
  },
  AUTH_SECOND_FACTOR_NEEDED: {
    meaning: 'The password is right, and this user has a second factor.',
    fix: 'Sign in with the code of the authenticator app besides, or with a recovery code.',
  },
  AUTH_PASSWORD_CHANGE_NEEDED: {
    meaning: 'The user signed in with a one-time password, which is good for setting another and nothing else.',
    fix: 'Set a password of your own.',
  },
  AUTH_TOKEN_REFUSED: {
    meaning: 'The access token, refresh token or ticket is malformed, forged, expired, used already or not of this installation.',
    fix: 'Sign in again.',
  },
  AUTH_SESSION_ENDED: {
    meaning: 'The session has ended: signed out, unused for too long, too old, or the user or the password was changed.',
    fix: 'Sign in again.',
  },
  AUTH_REFRESH_REUSED: {
    meaning: 'A refresh token came a second time: somebody has a copy. The whole session was ended.',
    fix: 'Sign in again, and find out where the token went; the audit log has both addresses.',
  },
  AUTH_RIGHT_MISSING: {
    meaning: 'The role of the user, or the scope of the API key, does not include this right.',
    fix: 'Ask an admin; docs/concepts/security.md lists roles and rights.',
  },
  AUTH_STEP_UP_NEEDED: {
    meaning: 'This act asks for the second factor again (for the password until there is one). API keys cannot do it.',
    fix: 'Confirm the act with a fresh code; each confirmation is good for one act.',
  },
  AUTH_UNAVAILABLE: {
    meaning: 'A store or the audit log failed while a right was judged; what cannot be judged is denied.',
    fix: 'Look at the log of the program for the cause; try again once it is gone.',
  },

  // Users, passwords, second factors, API keys.
  PASSWORD_TOO_SHORT: {
    meaning: 'The password has fewer than 12 characters.',
    fix: 'Take at least 12; 15 are advised. Four random words do.',
  },
  PASSWORD_TOO_LONG: { meaning: 'The password has more than 128 characters.', fix: 'Take at most 128.' },
  PASSWORD_COMMON: {
    meaning: 'The password is one that is tried first: a common one, the name of the product or of the user, a sequence or a repetition.',
    fix: 'Take several random words, or let a password manager make one.',
  },
  USER_UNKNOWN: { meaning: 'There is no user of this name or id.', fix: 'Correct the name; an admin sees the list of users.' },
  USER_EXISTS: { meaning: 'There is a user of this name already.', fix: 'Take another name.' },
  USER_NAME_INVALID: {
    meaning: 'A user name has 1 to 64 lower-case letters, digits, dots, hyphens and underscores, and begins with a letter.',
    fix: 'Take such a name.',
  },
  USERS_TOO_MANY: {
    meaning: 'There are as many users as are kept (docs/reference/limits.md).',
    fix: 'Give an existing user another role.',
  },
  USER_LAST_ADMIN: {
    meaning: 'This is the last admin who is not disabled; without one nobody could manage users.',
    fix: 'Make another user admin first.',
  },
  USER_CHANGED: { meaning: 'The user was changed by somebody else meanwhile.', fix: 'Look at the user and ask again.' },
  SESSION_UNKNOWN: {
    meaning: 'The user has no session of this id that lives.',
    fix: 'List the sessions again: it may have ended by itself.',
  },
  TOTP_STATE_WRONG: {
    meaning: 'The second factor is enrolled already, or is not, or its enrolment was not begun.',
    fix: 'Begin the enrolment, or remove the second factor first.',
  },
  API_KEY_REFUSED: {
    meaning: 'The API key is malformed, unknown, revoked or expired, its owner is disabled, or it is not good from this address.',
    fix: 'Make a new key, or widen its list of addresses by making another.',
  },
  API_KEY_INVALID: {
    meaning:
      'The terms of an API key are wrong: no scope, a label that is empty or too long, an end in the past or too far, an address that is none.',
    fix: 'Follow the sentence in the message.',
  },
  API_KEYS_TOO_MANY: { meaning: 'The user has as many API keys as may be good at a time.', fix: 'Revoke one that is not used.' },

  // Requests.
  RATE_LIMITED: { meaning: 'The user or API key has asked for more than its rate allows.', fix: 'Wait as long as the answer says.' },
  IDEMPOTENCY_KEY_INVALID: {
    meaning: 'The idempotency key is empty, longer than 128 characters or not printable ASCII.',
    fix: 'Take a random id for every new request.',
  },
  IDEMPOTENCY_CONFLICT: {
    meaning: 'The idempotency key was used before for a request with another content.',
    fix: 'Take a new key for every new request; repeat a request unchanged.',
  },
  IDEMPOTENCY_PENDING: {
    meaning: 'The request with this idempotency key is under way, or was when the program ended, so that its outcome is not known here.',
    fix: 'Ask again; where the answer stays the same, look whether its effect is there before you ask with another key.',
  },
  IDEMPOTENCY_FULL: {
    meaning:
      'As many idempotency keys of this user or API key are remembered as may be; none is forgotten early, or a repeated order could be placed twice.',
    fix: 'Ask less often; keys are forgotten a day after their use.',
  },

  // Sealed secrets.
  SECRET_UNKNOWN: { meaning: 'There is no sealed secret of this name.', fix: 'Add it.' },
  SECRET_NAME_INVALID: {
    meaning:
      'A secret is named by a venue (1 to 32 letters, digits, hyphens, underscores) and a key id (1 to 64 of these and dots), and has 1 to 16384 bytes.',
    fix: 'Take such a name; where the secret is longer, it is not one.',
  },
  SECRETS_TOO_MANY: {
    meaning: 'There are as many sealed secrets of venues as are kept (docs/reference/limits.md).',
    fix: 'Delete those that are no longer used.',
  },
  SECRET_KEY_BY_ENVIRONMENT: {
    meaning: 'The master key comes from the environment, so the program cannot write a new one.',
    fix: 'Set ENCRYPTION_KEY to a new key (openssl rand -hex 32) and ENCRYPTION_KEY_PREVIOUS to the one before, then ask for the rotation again.',
  },
  SECRET_DAMAGED: {
    meaning: 'A sealed secret does not open: some bit was changed, or it was moved from the place where it was sealed.',
    fix: 'Restore it from a backup, or remove it and add the secret again.',
  },
  SECRET_NOT_STORED: {
    meaning: 'A secret or the state of the master key was written by another process at the same time.',
    fix: 'Try again.',
  },
  SECRET_KEY_RETIRED: {
    meaning: 'A sealed secret is under a version of the master key that was retired by a rotation.',
    fix: 'It was brought back from an old backup: add the secret again.',
  },
  SECRET_KEY_MALFORMED: {
    meaning: 'The master key is neither 64 hexadecimal digits nor 32 bytes in base64, or its file is empty.',
    fix: 'Make one with: openssl rand -hex 32.',
  },
  SECRET_KEY_WEAK: {
    meaning: 'The master key is no random key: a sample, a text, a sequence or a repetition.',
    fix: 'Make one with: openssl rand -hex 32.',
  },
  SECRET_KEY_MISSING: {
    meaning: 'There is no master key, and there are secrets that only it opens.',
    fix: 'Set ENCRYPTION_KEY, or put the key file back in its place from your copy.',
  },
  SECRET_KEY_UNKNOWN: {
    meaning: 'The master key is not the one under which the secrets are sealed, or one that was retired.',
    fix: 'Give the key in force; during a rotation also the one before, in ENCRYPTION_KEY_PREVIOUS.',
  },
  SECRET_KEY_FILE_UNSAFE: {
    meaning: 'The key file can be read by other users of the machine, is no regular file, or cannot be read.',
    fix: 'Run chmod 600 on the file; where others may have read it, rotate the key.',
  },

  // The command line.
  CONSOLE_FAILED: {
    meaning: 'A session runs in the folder, was asked to carry out a command, and did not answer, or does not know it.',
    fix: 'Try again; where it stays so, use its dashboard, or end the session and give the command again.',
  },
  ONE_TIME_FILE_FAILED: {
    meaning: 'A one-time password or a new key was made, and its file could not be written, or an older one not be taken away.',
    fix: 'Make room or correct the rights of the folder, then reset the user, or revoke the key and make another.',
  },

  // Audit log.
  AUDIT_CHAIN_BROKEN: {
    meaning: 'A record of the audit log was altered, removed or put in another place after it was written.',
    fix: 'Take the database for tampered with; compare with a backup from before the record that the message names.',
  },
} as const satisfies Record<string, { meaning: string; fix: string }>;
