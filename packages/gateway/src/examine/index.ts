/** Diagnosis of a robot that is not discovered. A separate entry point, since it loads the DDS side. */
export { wellKnownPort } from '@medkit/ros2';
export { type Examination, examineRobot, type OtherDomain } from './examine-robot.ts';
