import { InvalidParameter } from '../errors.ts';
import { listNames, type ParameterNames, type ParameterQuery } from './list-names.ts';
import type {
  Parameter,
  ParameterDescriptor,
  ParameterEvent,
  ParameterSetResult,
  ParameterType,
  ParameterValue,
} from './parameter.ts';
import { rangeProblem } from './range-problem.ts';

/** A parameter declaration. Omitted parts of the descriptor are empty, false or unrestricted. */
export interface ParameterDeclaration extends Partial<Omit<ParameterDescriptor, 'name'>> {
  readonly name: string;
  /** If omitted, the parameter has no value until it is set; `type` is then required. */
  readonly value?: ParameterValue;
}

/** Called before parameters are set, once per atomic request. Returns a reason to reject them. */
export type BeforeSet = (parameters: readonly Parameter[]) => string | undefined;

/** Result of setting parameters together, and the changes to publish. */
export interface SetOutcome {
  readonly result: ParameterSetResult;
  readonly changes: Omit<ParameterEvent, 'node'>;
}

interface Declared {
  readonly descriptor: ParameterDescriptor;
  readonly value: ParameterValue;
}

const NOT_SET: ParameterValue = { type: 'not_set' };

/** The parameters of one node: names, values and constraints, as in rclcpp. */
export class ParameterStore {
  readonly #declared = new Map<string, Declared>();
  readonly #beforeSet: BeforeSet;

  constructor(beforeSet: BeforeSet = () => undefined) {
    this.#beforeSet = beforeSet;
  }

  /** Declares a parameter and returns it. Throws `InvalidParameter` if its value violates its own constraints. */
  declare({ name, value = NOT_SET, ...rules }: ParameterDeclaration): Parameter {
    if (name === '') throw new InvalidParameter('a parameter needs a name');
    if (this.#declared.has(name)) throw new InvalidParameter(`${name} is already declared`);
    const descriptor: ParameterDescriptor = {
      type: value.type,
      description: '',
      additionalConstraints: '',
      readOnly: false,
      dynamicTyping: false,
      ...rules,
      name,
    };
    if (descriptor.type === 'not_set' && !descriptor.dynamicTyping) {
      throw new InvalidParameter(`${name} needs a value, a type or dynamic typing`);
    }
    const problem = value.type === 'not_set' ? undefined : valueProblem(descriptor, value);
    if (problem !== undefined) throw new InvalidParameter(problem);
    this.#declared.set(name, { descriptor, value });
    return { name, value };
  }

  /**
   * Returns `undefined` if the parameter is not declared, or has a fixed type and no value. ROS has no answer for
   * either.
   */
  get(name: string): ParameterValue | undefined {
    const declared = this.#declared.get(name);
    const unset = declared?.value.type === 'not_set' && !declared.descriptor.dynamicTyping;
    return unset ? undefined : declared?.value;
  }

  describe(name: string): ParameterDescriptor | undefined {
    return this.#declared.get(name)?.descriptor;
  }

  /** Returns its current type. */
  typeOf(name: string): ParameterType | undefined {
    return this.#declared.get(name)?.value.type;
  }

  list(query: ParameterQuery): ParameterNames {
    return listNames(this.#declared.keys(), query);
  }

  /** Sets all parameters or none. */
  set(parameters: readonly Parameter[]): SetOutcome {
    const reason = this.#refusal(parameters);
    if (reason !== undefined) return { result: { successful: false, reason }, changes: NO_CHANGES };
    const added: Parameter[] = [];
    const changed: Parameter[] = [];
    const deleted: string[] = [];
    for (const { name, value } of parameters) {
      const declared = this.#declared.get(name);
      if (!declared) continue;
      if (value.type === 'not_set') {
        this.#declared.delete(name);
        deleted.push(name);
        continue;
      }
      (declared.value.type === 'not_set' ? added : changed).push({ name, value });
      this.#declared.set(name, { value, descriptor: { ...declared.descriptor, type: value.type } });
    }
    return { result: { successful: true, reason: '' }, changes: { added, changed, deleted } };
  }

  #refusal(parameters: readonly Parameter[]): string | undefined {
    for (const { name, value } of parameters) {
      const declared = this.#declared.get(name);
      const problem = declared ? setProblem(declared.descriptor, value) : `${name} is not declared`;
      if (problem !== undefined) return problem;
    }
    return this.#beforeSet(parameters);
  }
}

const NO_CHANGES = { added: [], changed: [], deleted: [] };

function setProblem(descriptor: ParameterDescriptor, value: ParameterValue): string | undefined {
  const { name, readOnly, dynamicTyping } = descriptor;
  if (readOnly) return `${name} is read-only`;
  if (value.type !== 'not_set') return valueProblem(descriptor, value);
  return dynamicTyping ? undefined : `${name} has a fixed type and cannot be undeclared`;
}

function valueProblem(descriptor: ParameterDescriptor, value: ParameterValue): string | undefined {
  const { name, type, dynamicTyping } = descriptor;
  if (!dynamicTyping && value.type !== type) return `${name} is of type ${type}, not ${value.type}`;
  const outside = rangeProblem(descriptor, value);
  return outside && `${name} ${outside}`;
}
