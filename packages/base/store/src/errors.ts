/** Base class of all errors of a store. The message names the file and the remedy, and may be shown to users. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';
}

/** Too many calls wait for the disk. */
export class StoreBusy extends StoreError {
  override readonly name = 'StoreBusy';
}

/** No space left, on the disk or below the store's limit. */
export class StoreFull extends StoreError {
  override readonly name = 'StoreFull';
}

/** Another process has locked the file. */
export class StoreLocked extends StoreError {
  override readonly name = 'StoreLocked';
}

/** The file, its folder or its file system is not writable. */
export class StoreReadOnly extends StoreError {
  override readonly name = 'StoreReadOnly';
}

/** The file is damaged, or not a database. */
export class StoreCorrupt extends StoreError {
  override readonly name = 'StoreCorrupt';
}

/** The file was written by a newer medkit. */
export class StoreTooNew extends StoreError {
  override readonly name = 'StoreTooNew';
}

/** A thread of the store is down, or the disk fails. It is unknown whether pending writes are stored. */
export class StoreUnavailable extends StoreError {
  override readonly name = 'StoreUnavailable';
}

export class StoreClosed extends StoreError {
  override readonly name = 'StoreClosed';
}

/** A row violates a constraint of its table: a duplicate key or a missing value. */
export class ConstraintViolated extends StoreError {
  override readonly name = 'ConstraintViolated';
}

/** A statement did not change the number of rows that it expects: another write changed them first. */
export class ConditionFailed extends StoreError {
  override readonly name = 'ConditionFailed';
}

/** A statement or one of its values is invalid. */
export class StatementFailed extends StoreError {
  override readonly name = 'StatementFailed';
}

/** A read matches more rows than one result may hold. */
export class TooManyRows extends StoreError {
  override readonly name = 'TooManyRows';
}
