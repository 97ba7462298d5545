export { type PublishedMessage, SimulatedBroker } from './simulated-broker.ts';
