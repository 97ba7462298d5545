/** Sends signals to processes of the machine. */
export interface Signals {
  /** `gone` where no process has this id, `denied` where it belongs to somebody else. */
  send(processId: number, signal: 'SIGTERM' | 'SIGKILL'): 'sent' | 'gone' | 'denied';
}
