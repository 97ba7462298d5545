import { describeOwners } from './postgres-owners.ts';

describeOwners('notify', 'webhooks', 'incidents');
