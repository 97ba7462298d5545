/** What runs a script: by the extension of its file, `.py`, `.bash`; anything else is `sh`. */
export type ScriptFormat = 'python' | 'bash' | 'sh';
