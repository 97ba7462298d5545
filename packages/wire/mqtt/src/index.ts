export { type BrokerAddress, brokerUrl } from './address/broker-address.ts';
export { certificateProblem } from './address/certificate-problem.ts';
export type {
  BrokerConnection,
  BrokerConnectionOptions,
  BrokerMessage,
  BrokerWill,
  OpenBroker,
  PublishOptions,
} from './broker-connection.ts';
export { openMqttBroker } from './open-mqtt-broker.ts';
