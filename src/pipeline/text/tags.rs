//! HTML as a flat sequence of tags, without a tree, so that its nesting costs nothing.

use std::cell::{Cell, RefCell};

use html5ever::LocalName;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// How much is handed to the tokenizer at once, in bytes. A tag that fills it whole ends the reading: the
/// tokenizer compares each attribute with all before it.
pub const PIECE: usize = 32 * 1024;

/// What becomes of the tags and of the text between them, in their order.
pub trait Visitor {
    fn text(&mut self, text: &str);

    /// Says whether what follows is no markup.
    fn open(&mut self, tag: &Tag) -> TokenSinkResult<()>;

    fn close(&mut self, name: &LocalName);
}

/// Shows the visitor all tags. Returns it, and whether the markup was read to its end.
pub fn read<V: Visitor>(html: &str, visitor: V) -> (V, bool) {
    let sink = Sink { visitor: RefCell::new(visitor), tokens: Cell::new(0) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let queue = BufferQueue::default();
    let mut rest = html;
    while !rest.is_empty() {
        let tokens = tokenizer.sink.tokens.get();
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE));
        queue.push_back(StrTendril::from_slice(piece));
        while !queue.is_empty() {
            // Scripts are read over, so nothing here waits for one.
            let _ = tokenizer.feed(&queue);
        }
        if !after.is_empty() && tokenizer.sink.tokens.get() == tokens {
            break;
        }
        rest = after;
    }
    if rest.is_empty() {
        tokenizer.end();
    }
    (tokenizer.sink.visitor.into_inner(), rest.is_empty())
}

struct Sink<V> {
    visitor: RefCell<V>,
    tokens: Cell<usize>,
}

impl<V: Visitor> TokenSink for Sink<V> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        // One stands for each attribute that comes twice, which is no progress: the tag may still have no end.
        if matches!(token, Token::ParseError(_)) {
            return TokenSinkResult::Continue;
        }
        let mut visitor = self.visitor.borrow_mut();
        self.tokens.set(self.tokens.get() + 1);
        match token {
            Token::CharacterTokens(text) => visitor.text(&text),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return visitor.open(&tag),
            Token::TagToken(tag) => visitor.close(&tag.name),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}
