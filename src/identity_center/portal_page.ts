/** Which pages of a sign-in are AWS's. @module */

const AWS_HOSTS =
  /(?:^|\.)(?:amazonaws\.com(?:\.cn)?|awsapps\.com|awsapps\.cn|app\.aws|aws\.amazon\.com|amazonaws-us-gov\.com)$/;

/** Whether a page of the sign-in is AWS's own, or on the portal itself. */
export function isPortalPage(url: URL, startUrl: string): boolean {
  if (url.origin === new URL(startUrl).origin) return true;
  return url.protocol === "https:" && AWS_HOSTS.test(url.hostname);
}
