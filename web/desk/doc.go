// Package desk answers the staff: log-in, dashboard, campaigns, cash, journal,
// accounts, funds, periods, people and the audit log.
//
// A handler parses, calls one domain verb in one database transaction together
// with its line in the audit log, and answers with a redirect. What a person
// may do is decided by web/auth before the handler runs.
package desk
