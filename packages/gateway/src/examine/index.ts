/** Diagnosis of a robot that is not discovered. A separate entry point, since it loads the DDS side. */
export { type WellKnownPort, wellKnownPort } from '@medkit/ros2';
export { type Examination, type ExamineOptions, examineRobot, type OtherDomain } from './examine-robot.ts';
