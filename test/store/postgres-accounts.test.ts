import { describeOwners } from './postgres-owners.ts';

describeOwners('accounts', 'audit');
