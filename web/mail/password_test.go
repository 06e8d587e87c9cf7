package mail_test

import "fund/web/mail"

var _ = sample(mail.PasswordReset{Path: "/login/reset/abc", Minutes: 30})
