/** What a word of a command is the name of; the names are known to the gateway, or stand here. */
export type WordKind =
  | 'area'
  | 'component'
  | 'app'
  | 'function'
  | 'entity'
  | 'data'
  | 'operation'
  | 'configuration'
  | 'script'
  | 'trigger'
  | 'recording'
  | 'fault'
  | 'lock'
  | 'update'
  | 'peer'
  | 'shell'
  | 'anything';
