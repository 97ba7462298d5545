import { describeOwners } from './postgres-owners.ts';

describeOwners('fleet');
