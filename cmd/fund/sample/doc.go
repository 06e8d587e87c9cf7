// Package sample loads the sample community that `fund demo` shows: 安公社区
// in Chengdu, with the whole of its year 2017 and campaigns that run today.
//
// Everybody and everything in it is made up, the host charity and its
// certificate too. All of it passes through the verbs that staff and donors
// use, so what the pages show was checked by the same guards: the package
// writes no row of its own. The same clock gives the same entries and amounts,
// for the dice have fixed seeds.
//
// The year's figures are constants (see Figures) and tie to the fen. The books
// follow the chart of accounts of 2026 (npo-2026), as an example, though the
// year is 2017. After the spring of 2018 nothing is entered until a few months
// before the clock.
//
//	already, err := sample.Load(ctx, db, key, baseURL, time.Now())
//	for _, p := range sample.People() {
//		// add p.Login with p.Role in sample.Slug
//	}
package sample
