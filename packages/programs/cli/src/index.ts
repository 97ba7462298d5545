export { findingsMarkdown } from './doctor/findings/findings-markdown.ts';
