mod profile;
mod settings;
mod stored;
mod subchannel;
mod tag;
mod ticket;
