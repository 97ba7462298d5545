import type { Commands } from '../command/command.ts';

/** Commands about credentials and accounts. */
export const ACCOUNT_COMMANDS: Commands = {
  login: {
    about: 'Log in to a gateway and store the credential for later commands',
    load: async () => (await import('./login.ts')).login,
  },
  logout: {
    about: 'Log out of a gateway and delete the stored credential',
    load: async () => (await import('./logout.ts')).logout,
  },
  whoami: {
    about: 'Show who you are for the gateway, and your permissions',
    load: async () => (await import('./whoami.ts')).whoami,
  },
  'auth init': {
    about: 'Create the first user of a gateway, an admin, in its data folder',
    load: async () => (await import('./init.ts')).init,
  },
  'auth reset-admin': {
    about: 'Reset the password of an admin in the data folder of a gateway',
    takes: ['anything'],
    load: async () => (await import('./reset-admin.ts')).resetAdmin,
  },
  'auth hash': {
    about: 'Hash a password for auth.users_file',
    load: async () => (await import('./hash.ts')).hash,
  },
  'auth fingerprint': {
    about: 'Print the fingerprint of the TLS certificate of a gateway',
    load: async () => (await import('./fingerprint.ts')).fingerprint,
  },
  'auth users': {
    about: 'List users',
    load: async () => (await import('./list-users.ts')).listUsers,
  },
  'auth users add': {
    about: 'Add a user',
    takes: ['anything'],
    load: async () => (await import('./change-users.ts')).addUser,
  },
  'auth users change': {
    about: 'Change the role or the limits of a user',
    takes: ['user'],
    load: async () => (await import('./change-users.ts')).changeUser,
  },
  'auth users passwd': {
    about: 'Change your password, or reset the password of another user',
    takes: ['user'],
    load: async () => (await import('./change-users.ts')).changePassword,
  },
  'auth users disable': {
    about: 'Disable a user: block the login and all API keys',
    takes: ['user'],
    load: async () => (await import('./change-users.ts')).disableUser,
  },
  'auth users enable': {
    about: 'Enable a disabled user',
    takes: ['user'],
    load: async () => (await import('./change-users.ts')).enableUser,
  },
  'auth users remove': {
    about: 'Remove a user with all API keys',
    takes: ['user'],
    load: async () => (await import('./change-users.ts')).removeUser,
  },
  'auth keys': {
    about: 'List API keys',
    load: async () => (await import('./keys.ts')).listKeys,
  },
  'auth keys create': {
    about: 'Create an API key for a program',
    takes: ['anything'],
    load: async () => (await import('./keys.ts')).createKey,
  },
  'auth keys revoke': {
    about: 'Revoke an API key',
    takes: ['key'],
    load: async () => (await import('./keys.ts')).revokeKey,
  },
  'auth sessions': {
    about: 'List the browser sessions that are logged in',
    load: async () => (await import('./sessions.ts')).listSessions,
  },
  'auth sessions end': {
    about: 'End a browser session',
    takes: ['session'],
    load: async () => (await import('./sessions.ts')).endSession,
  },
};
