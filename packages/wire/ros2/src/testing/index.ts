export { type SimulatedGraph, simulatedGraph } from './simulated-graph.ts';
