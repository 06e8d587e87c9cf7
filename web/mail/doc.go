// Package mail writes letters and sends them through an SMTP server.
//
// It is called from handlers of the outbox, never from a request: the verb that causes a letter enqueues a message in its own
// database transaction (ids only), the handler looks up the address, and Send's error tells the outbox whether another try
// may help. A try has the same Key and so the same Message-ID; a letter known to be delivered is not sent again.
//
//	err := post.Send(ctx, community, mail.Letter{
//		Key: message.ID, To: mail.Person{Name: donor.Name, Address: donor.Email}, Lang: i18n.Lang(donor.Lang),
//		Content: mail.ReceiptReady{Amount: donation.Amount, Campaign: campaign.Title(donor.Lang), Path: "/r/" + token},
//	})
//
// One outbox message that makes letters to several people gives each a key of its own: mail.Key(message.ID, donor.ID).
// Where no server is configured, On is false, Send does nothing, and the pages offer no letters (reader.Mail is false).
//
// # A new letter
//
// Add three files and touch none: the Content in a Go file, letters/<name>.zh-CN.txt and letters/<name>.en.txt; then its
// sample in a test file of package mail_test, var _ = sample(mail.YourLetter{…}), which draws it in both languages; and say in
// a catalogue what the desk calls it: mail.kind.<name>.
//
// A letter's file is a text/template over the Content. Its first line is the subject, then comes an empty line, then the text,
// as it should be read in plain text. Greeting, signature and the way out of the list are added. The HTML part is drawn from
// the text:
//
//   - an empty line ends a paragraph, lines starting with "- " are a list, lines starting with "> " a quotation;
//   - 看看收据：{{url .Path}} alone on its line becomes a large link with these words;
//   - nothing but addresses of this site becomes a link, whoever wrote the text.
//
// What {{…}} prints loses its line breaks and control characters, so no name can write a header or a paragraph of its own.
// {{quote .Message}} keeps the lines of what a reader wrote, as a quotation; {{prose .Story}} keeps the paragraphs of what
// staff wrote. Further functions: url "/r/x" (of the site), here "/campaigns/x" (of the community), date, moment, day
// (an entry date), count, community (its name), yuan.
//
// # Tests
//
// Package mail/mailtest catches mail: a real SMTP server in the test's process.
//
//	box := mailtest.Catch(t)
//	post, err := mail.New(mail.Options{DB: db, BaseURL: "https://fund.test", Server: box.URL(), From: "fund@fund.test"})
//	…
//	letter := box.Wait(t, 1)[0] // To, Subject, Text, HTML, Header
//
// The package never stores an address beside the log's masked one (but in the demo), never loads anything from elsewhere into a letter, and never
// tells whether a letter was opened.
package mail
