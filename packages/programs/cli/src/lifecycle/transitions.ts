import { transitionCommand } from './transition.ts';

export const start = transitionCommand('start');
export const restart = transitionCommand('restart');
export const shutdown = transitionCommand('shutdown');
