const POLICY = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'manifest-src': ["'self'"],
  'frame-ancestors': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
} as const

/** What every answer tells browsers; nothing may come from elsewhere, and nothing may stand within a page. */
export const SECURITY_HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: POLICY,
  },
  // Both need HTTPS, which a hub on a home network does not have by default.
  strictTransportSecurity: false,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
} as const

/** The content security policy of the page: the same, and `<style>` elements that carry the nonce, as the editor makes them. */
export function policyWith(nonce: string): string {
  return Object.entries({ ...POLICY, 'style-src': ["'self'", `'nonce-${nonce}'`] })
    .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
    .join(';')
}
