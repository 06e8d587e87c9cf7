package i18n

// Read is read, for the test that gives it two files with one key.
var Read = read

// Forms lists every key of a language with the texts of its plural forms.
func Forms(l Lang) map[string][]string {
	all := map[string][]string{}
	for key, m := range messages[l] {
		for _, form := range []string{m.Zero, m.One, m.Two, m.Few, m.Many, m.Other} {
			if form != "" {
				all[key] = append(all[key], form)
			}
		}
	}
	return all
}
