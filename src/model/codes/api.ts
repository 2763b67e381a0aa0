/** What the API refuses before anything else judges a request, and what a running session answers to commands. */
export const API_CODES = {
  REQUEST_INVALID: {
    meaning: 'The body, the query or the path of a request does not have the form that the route takes; unknown fields are refused too.',
    fix: 'Follow the message, which names the field; the form is in /api/v1/openapi.json.',
  },
  REQUEST_TOO_LARGE: {
    meaning: 'The body of a request is longer, deeper or has more items than the API reads (docs/reference/limits.md).',
    fix: 'Ask for less at once.',
  },
  REQUEST_MEDIA_TYPE: { meaning: 'The body of a request is no JSON.', fix: 'Send content-type: application/json.' },
  METHOD_REFUSED: { meaning: 'The API does not take requests of this method.', fix: 'Use GET, POST, PUT, PATCH or DELETE.' },
  ROUTE_UNKNOWN: { meaning: 'There is nothing at this address.', fix: 'Look the route up in docs/reference/api.md.' },
  HOST_REFUSED: {
    meaning: 'The request was sent to a name that is not one of this server.',
    fix: 'Use the address that is printed at the start, or name the public origin in the configuration.',
  },
  ORIGIN_REFUSED: {
    meaning: 'The request comes from a page of another origin, or from none where one is needed.',
    fix: 'Use the dashboard of this server.',
  },
  CSRF_REFUSED: {
    meaning: 'A request that changes something came with cookies but without the token that only pages of this server know.',
    fix: 'Send the csrfToken of the sign-in, or of /api/v1/auth/me, in the header x-csrf-token.',
  },
  AUTH_NEEDED: {
    meaning: 'The route asks for a session or an API key, and there was none.',
    fix: 'Sign in, or send authorization: Bearer KEY.',
  },
  REQUEST_FAILED: {
    meaning: 'Something went wrong inside; the client is told no more than that.',
    fix: 'Look for the correlation id in the log of the program.',
  },
  BIND_REFUSED: {
    meaning: 'The server was told to listen beyond this machine without TLS and without a declared proxy in front of it.',
    fix: 'Give a certificate, declare the proxy, or listen on 127.0.0.1.',
  },
  PORT_UNAVAILABLE: {
    meaning: 'The port, and those after it that were tried, are taken, or the account of the program may not listen on it.',
    fix: 'Name another port, or end what listens there.',
  },
  STRATEGY_MANUAL: {
    meaning: 'Orders by hand belong to this strategy; it is neither started nor stopped.',
    fix: 'Use the kill switch to stop orders by hand.',
  },
  TRADING_STATE_HELD: {
    meaning: 'The kill switch holds the scope, so that no trading state is set.',
    fix: 'Release the kill switch first.',
  },
  ORDER_REJECTED: { meaning: 'The venue refused the order.', fix: 'Follow the reason in the message.' },
  RUN_UNKNOWN: { meaning: 'There is no such run, or it has no report.', fix: 'Take one of /api/v1/runs.' },
  STREAM_MESSAGE_INVALID: { meaning: 'A message on the stream has not the form that the stream takes.', fix: 'Follow docs/guide/api.md.' },
} as const satisfies Record<string, { meaning: string; fix: string }>;
