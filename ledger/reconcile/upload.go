package reconcile

import (
	"fmt"

	"fund/ledger/statement"
)

// Read reads the statements in a file, which hand their lines over by Each: as the account's profile says where it
// has one that fits, else by what the file says itself. An *statement.Error
// says why it cannot be read whole.
func Read(name string, data []byte, profile *statement.Profile) ([]statement.Statement, error) {
	if profile != nil {
		if found, err := statement.Scan(name, data, statement.Options{Profile: profile}); err == nil && len(found.Statements) > 0 {
			return found.Statements, nil
		}
	}
	found, err := statement.Scan(name, data, statement.Options{})
	if err != nil {
		return nil, err
	}
	if len(found.Statements) == 0 {
		return nil, fmt.Errorf("%w: %s", ErrEmpty, name)
	}
	return found.Statements, nil
}
