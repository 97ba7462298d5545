/** Endpoints by topic name. Most topics have one endpoint, so a set is created only for the second. */
export class TopicIndex<Endpoint extends object> {
  readonly #byTopic = new Map<string, Endpoint | Set<Endpoint>>();

  add(topicName: string, endpoint: Endpoint): void {
    const endpoints = this.#byTopic.get(topicName);
    if (endpoints instanceof Set) endpoints.add(endpoint);
    else this.#byTopic.set(topicName, endpoints && endpoints !== endpoint ? new Set([endpoints, endpoint]) : endpoint);
  }

  remove(topicName: string, endpoint: Endpoint): void {
    const endpoints = this.#byTopic.get(topicName);
    if (endpoints instanceof Set) endpoints.delete(endpoint);
    if (endpoints === endpoint || (endpoints instanceof Set && endpoints.size === 0)) this.#byTopic.delete(topicName);
  }

  /** Returns the endpoints. The result may be iterated while endpoints are added or removed. */
  of(topicName: string): readonly Endpoint[] {
    const endpoints = this.#byTopic.get(topicName);
    if (endpoints === undefined) return [];
    return endpoints instanceof Set ? [...endpoints] : [endpoints];
  }
}
