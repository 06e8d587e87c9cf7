package mail

// PasswordReset gives one of the staff a link to a new password.
type PasswordReset struct {
	Path    string // works once
	Minutes int    // for so long
}

// Template names the letter's files.
func (PasswordReset) Template() string { return "password" }
