import { SimulatedClock } from '@medkit/edges/testing';
import { describeStore } from '../testing/contract-suite.ts';
import { memoryStore } from './memory-store.ts';

describeStore('in memory', async (options) => memoryStore({ clock: new SimulatedClock(), ...options }));
