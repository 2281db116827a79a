/** An answer that is not what its protocol says; the message completes "the answer ...". */
export class MalformedAnswer extends Error {}
