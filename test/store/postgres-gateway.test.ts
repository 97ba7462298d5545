import { describeOwners } from './postgres-owners.ts';

describeOwners(
  `../gateway/src/{${[
    ...['locks/lock-storage', 'updates/update-storage', 'idempotency/repeated-requests', 'triggers/trigger-records'],
    ...['peers/instance-memory', 'peers/stored-clocks', 'peers/copies/fault-copies', 'peers/copies/recording-copies'],
    ...['peers/audit/watch-logs', 'faults/entity-frame-storage'],
  ].join(',')}}.test.ts`,
);
