// Package api answers machines: the providers' notifications, and files that
// programs read. Every body it believes is signed.
package api
