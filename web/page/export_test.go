package page

// Markdown is the template function of that name.
var Markdown = markdown

// Held counts the pages the cache holds, and their bytes.
func (k *Cache) Held() (pages, bytes int) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return len(k.pages), k.bytes
}
