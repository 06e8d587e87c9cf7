// Package mailtest catches mail in tests: a real SMTP server in the test's own process, on loopback, that keeps what it is
// given, and can refuse, delay or drop it.
//
// It never leaves the machine, and nothing but tests may import it.
//
//	box := mailtest.Catch(t)
//	post, err := mail.New(mail.Options{DB: db, BaseURL: "https://fund.test", Server: box.URL(), From: "fund@fund.test"})
//	… // cause a letter
//	letter := box.Wait(t, 1)[0]
//	if letter.To != "zhou@example.org" || !strings.Contains(letter.Text, "¥50.00") { … }
package mailtest
