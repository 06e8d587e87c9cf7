// Package photo is the forms of pictures, as residents and staff meet them alike: a list in its order, one more, a caption,
// one place forward, gone; and the picture itself, before it is public.
//
// It never decides who may do so: the handlers of web/public and web/desk do, and they give it the database transaction.
//
//	kept, err := photo.Add(c, form, voice.OfPost(post.ID), func(verb func(tx *sqlx.Tx) error) error { … })
//	if err == nil && !kept {
//		return page.Again(c, "desk/post", view) // the form says what to mend
//	}
package photo
