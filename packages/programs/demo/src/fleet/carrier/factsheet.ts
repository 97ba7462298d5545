import { SPEED_MPS } from './carrier.ts';

/** Factsheet of the carrier in version 2.1.0. */
export const CARRIER_FACTSHEET = {
  typeSpecification: {
    seriesName: 'medkit carrier',
    agvKinematic: 'OMNI',
    agvClass: 'CARRIER',
    maxLoadMass: 100,
    localizationTypes: ['NATURAL'],
    navigationTypes: ['AUTONOMOUS'],
  },
  physicalParameters: {
    speedMin: SPEED_MPS,
    speedMax: SPEED_MPS,
    accelerationMax: 1,
    decelerationMax: 1,
    heightMax: 0.4,
    width: 0.6,
    length: 0.8,
  },
  protocolLimits: {
    maxStringLens: {},
    maxArrayLens: {},
    timing: { minOrderInterval: 0.1, minStateInterval: 0.1, defaultStateInterval: 1 },
  },
  protocolFeatures: {
    optionalParameters: [],
    agvActions: ['cancelOrder', 'stateRequest', 'factsheetRequest'].map((actionType) => ({
      actionType,
      actionScopes: ['INSTANT'],
    })),
  },
  agvGeometry: {},
  loadSpecification: {},
};
