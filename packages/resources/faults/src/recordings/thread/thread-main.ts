import { parentPort } from 'node:worker_threads';
import { systemWritableFiles } from '@medkit/edges/node';
import { bagShelf } from '../files/open-bag.ts';
import { serveBag } from './serve-bag.ts';

if (!parentPort) throw new Error('this module must be started as a worker thread');
serveBag(parentPort, bagShelf(systemWritableFiles));
