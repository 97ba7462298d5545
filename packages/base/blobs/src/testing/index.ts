export { blobsContract } from './contract-suite.ts';
