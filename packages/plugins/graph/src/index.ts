/** The plugin that shows what the apps of a function send each other, how fast, and where it is held up. */
export { plugin } from './plugin.ts';
