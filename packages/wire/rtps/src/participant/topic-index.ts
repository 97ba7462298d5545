/** Endpoints by topic name. Most topics have one: what is made for several is made with the second. */
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

  /** May be walked while endpoints come and go. */
  of(topicName: string): readonly Endpoint[] {
    const endpoints = this.#byTopic.get(topicName);
    if (endpoints === undefined) return [];
    return endpoints instanceof Set ? [...endpoints] : [endpoints];
  }
}
